// Every page loads this: htmx for round trips, Stimulus for behaviour.
import { Application } from "@hotwired/stimulus";
import controllers from "lykeion:controllers";
import htmx from "htmx.org";
import { csrfToken } from "./csrf";
import { page } from "./page";

window.htmx = htmx;
window.lykeion = page;
document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent).detail.headers["X-CSRFToken"] = csrfToken();
});

const application = Application.start();
for (const [identifier, controller] of controllers) application.register(identifier, controller);
