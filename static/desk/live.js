// The desk's line to the server. Whoever wants to hear a frame says link.on(type, listener).
import { Link } from "../shared/link.js";

export const link = new Link("/ws/desk/", () => ({}));

let epoch = "";

/** Another database stands behind the desk: nothing on this page is true any more. */
link.on("ready", (answer) => {
  if (epoch && answer.epoch !== epoch) location.reload();
  epoch = answer.epoch;
});
