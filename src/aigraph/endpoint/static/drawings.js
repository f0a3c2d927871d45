// A drawing that is wider than the screen begins where most is to be seen: at the thing itself, or at the newest.
for (const part of document.querySelectorAll(".wide[data-begin]")) {
  const room = part.scrollWidth - part.clientWidth;
  const middle = part.querySelector(part.dataset.begin)?.getBoundingClientRect();
  if (room <= 0) continue;
  if (middle) part.scrollLeft = middle.left + middle.width / 2 - part.getBoundingClientRect().left - part.clientWidth / 2;
  else part.scrollLeft = room;
}
