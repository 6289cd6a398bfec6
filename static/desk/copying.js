// The desk's copy buttons.
import { copyOnClick } from "../shared/copying.js";

addEventListener("click", copyOnClick);
