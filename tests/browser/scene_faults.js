// What is wrong with a scene as it is seen: texts cut, in the margin, too small, over one another
// or across a seam, a stage that is not filled; the answer also tells how many texts were looked at.
(limits) => {
  const W = innerWidth, H = innerHeight, frame = document.querySelector(".wall-frame");
  const unit = 22 / parseFloat(getComputedStyle(frame).fontSize);
  const safe = { left: W * 0.025, right: W * 0.975, top: H * 0.025, bottom: H * 0.975 };
  const faults = [], shown = [];
  const meet = (a, b) => ({ left: Math.max(a.left, b.left), right: Math.min(a.right, b.right),
                            top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom) });
  const wide = box => box.right - box.left, high = box => box.bottom - box.top;

  // What of a text is seen: its box cut by every ancestor that hides what overflows it.
  function look(element, range) {
    const boxes = [...range.getClientRects()].filter(box => box.width > 0.5 && box.height > 0.5);
    if (!boxes.length) { return; }
    const least = side => Math.min(...boxes.map(box => box[side]));
    const most = side => Math.max(...boxes.map(box => box[side]));
    const whole = { left: least("left"), top: least("top"),
                    right: most("right"), bottom: most("bottom") };
    let seen = whole, ellipsis = false;
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") {
        return;
      }
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") {
        ellipsis = true;
      }
      if (style.overflowX !== "visible" && style.display !== "inline") {
        seen = meet(seen, at.getBoundingClientRect());
      }
    }
    const words = range.toString().trim().slice(0, 40), style = getComputedStyle(element);
    const name = `${element.getAttribute("class") || element.tagName} “${words}”`;
    if (wide(seen) < 1 || high(seen) < 1) {
      // Lists leave out the rows that they have no room for; nothing else may vanish.
      if (!element.closest(".rows, .red-blocks")) { faults.push(`cut: ${name}`); }
      return;
    }
    const size = parseFloat(style.fontSize) * unit;
    const cutHigh = high(whole) - high(seen) > size * 0.3;
    const cutWide = wide(whole) - wide(seen) > 1.5;
    if ((cutHigh && style.webkitLineClamp === "none") || (cutWide && !ellipsis)) {
      faults.push(`cut: ${name}`);
    }
    // No unit and no indicator has a short name of more letters than these.
    const named = range.toString().trim().length <= 40;
    if (named && ellipsis && cutWide && wide(seen) < wide(whole) * 0.4) {
      faults.push(`hardly any of it is left: ${name}`);
    }
    if (seen.left < safe.left - 0.5 || seen.right > safe.right + 0.5 ||
        seen.top < safe.top - 0.5 || seen.bottom > safe.bottom + 0.5) {
      faults.push(`in the margin: ${name}`);
    }
    if (size < limits.label - 0.01) { faults.push(`${size.toFixed(1)} px: ${name}`); }
    const ink = high(seen) / boxes.length * 0.24;
    shown.push({ element, name, box: { ...seen, top: seen.top + ink, bottom: seen.bottom - ink } });
  }

  const walker = document.createTreeWalker(frame, NodeFilter.SHOW_TEXT);
  const texts = new Map();
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    // The shape of a status upon a map is a mark, not a word.
    const mark = element.closest("svg") && /^[●◆▼–]$/.test(node.nodeValue.trim());
    const silent = mark || element.closest(".visually-hidden, style, script, title");
    if (node.nodeValue.trim() && !silent) { texts.set(node, element); }
  }
  for (const [node, element] of texts) {
    const range = document.createRange();
    range.selectNodeContents(node);
    look(element, range);
  }
  for (const figure of frame.querySelectorAll(limits.keys)) {
    if (!figure.offsetParent) { continue; }
    const size = parseFloat(getComputedStyle(figure).fontSize) * unit;
    if (size < limits.key) { faults.push(`key figure of ${size} px: ${figure.textContent}`); }
  }
  for (let i = 0; i < shown.length; i++) {
    for (let j = i + 1; j < shown.length; j++) {
      const both = meet(shown[i].box, shown[j].box);
      if (wide(both) > 1 && high(both) > 1) {
        faults.push(`${shown[i].name} over ${shown[j].name}`);
      }
    }
  }
  for (const { name, box } of shown) {
    for (const x of limits.across) {
      if (box.left < x * W + 4 && box.right > x * W - 4) { faults.push(`across the seam: ${name}`); }
    }
    for (const y of limits.down) {
      if (box.top < y * H + 4 && box.bottom > y * H - 4) { faults.push(`across the seam: ${name}`); }
    }
  }
  const stage = frame.querySelector(".stage");
  const slots = stage ? [...stage.children].filter(one => one.offsetParent) : [];
  if (slots.length) {
    const edge = stage.getBoundingClientRect(), boxes = slots.map(one => one.getBoundingClientRect());
    const reach = { right: Math.max(...boxes.map(box => box.right)),
                    bottom: Math.max(...boxes.map(box => box.bottom)) };
    if (edge.right - reach.right > 2 || edge.bottom - reach.bottom > 2) {
      faults.push("a part of the stage has no card");
    }
  }
  const root = document.documentElement;
  if (root.scrollHeight > H + 1 || root.scrollWidth > W + 1) {
    faults.push("the page can be scrolled");
  }
  return { faults: [...new Set(faults)], texts: shown.length };
}
