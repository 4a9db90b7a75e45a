// The page's form is an answer on its way to an application; without this file a button sends it.
"use strict";

document.getElementById("form-post").requestSubmit();
