// The tooltips of Open edX's pages, in the version that they have: later ones lose `show: "click mouseenter"`.
import "qtip2/jquery.qtip.min";
import "./qtip.css";
