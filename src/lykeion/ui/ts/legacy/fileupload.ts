import "blueimp-file-upload/js/vendor/jquery.ui.widget";
import "blueimp-file-upload/js/jquery.iframe-transport";
import "blueimp-file-upload/js/jquery.fileupload";

// Open edX's pages have an older release, of which blocks (edx-sga) call an inner function: with the input itself.
const jQuery: any = window.jQuery;
const replace = jQuery.blueimp.fileupload.prototype._replaceFileInput;
jQuery.blueimp.fileupload.prototype._replaceFileInput = function (given: any): unknown {
  return replace.call(this, given.fileInput ? given : { fileInput: given });
};
