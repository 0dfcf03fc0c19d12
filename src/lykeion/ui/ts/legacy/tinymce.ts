// The editor itself and its jQuery plug-in; themes, skins and its own plug-ins are fetched by it from `base_url`.
import "tinymce/tinymce";
import "tinymce/jquery.tinymce";

window.tinymce.baseURL ||= "/static/js/vendor/tinymce/js/tinymce";
