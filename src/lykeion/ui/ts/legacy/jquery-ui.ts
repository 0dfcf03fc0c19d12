import "jquery-ui/dist/jquery-ui";
import "jquery-ui/dist/themes/base/jquery-ui.css";
