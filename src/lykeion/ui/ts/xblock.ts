// The world that blocks made for Open edX expect. Loaded before their own scripts, only on pages that hold some.
import jQuery from "jquery";
import underscore from "underscore";
import { defineAmd } from "./xblock/amd";
import { carryCsrf } from "./xblock/ajax";
import { edx } from "./xblock/edx";
import { gettext, ngettext, pgettext, interpolate, interpolateManyText, interpolateText } from "./xblock/gettext";
import { XBlock } from "./xblock/initialize";
import { Logger } from "./xblock/logger";
import { mathJaxTwo } from "./xblock/mathjax";
import { speakOlderJQuery } from "./xblock/older";
import { LmsRuntime } from "./xblock/runtime";

carryCsrf(jQuery);
speakOlderJQuery(jQuery);
window.$ = window.jQuery = jQuery;
window._ = underscore;
window.gettext ??= gettext;
window.ngettext ??= ngettext;
window.pgettext ??= pgettext;
window.interpolate ??= interpolate;
window.interpolate_text ??= interpolateText;
window.interpolate_ntext ??= interpolateManyText;
window.Logger = Logger;
window.baseUrl ??= "/static"; // editors of Open edX name its folders below this
window.edx = { ...edx, ...window.edx };
window.MathJax = { ...mathJaxTwo, ...window.MathJax };
window.LmsRuntime = { v1: LmsRuntime };
window.XBlock = XBlock;
defineAmd({ jquery: jQuery, underscore, gettext, logger: Logger, "edx-ui-toolkit/js/utils/html-utils": edx.HtmlUtils, "edx-ui-toolkit/js/utils/string-utils": edx.StringUtils });
