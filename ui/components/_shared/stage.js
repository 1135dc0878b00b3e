// A picture with evidence over it: each is there or not, and loaded anew only when it is another.

function source(image, uri) {
  image.hidden = !uri;
  if (uri && image.getAttribute("src") !== uri) image.src = uri;
}
