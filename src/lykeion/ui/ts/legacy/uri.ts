import URI from "urijs";

window.URI = URI;
