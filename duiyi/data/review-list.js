// A long list of which only the neighbourhood of what one sees is on the page. What is rendered has its true height,
// so that the current item can be brought into view exactly; what is not rendered has a guess, for the scroll bar.

const HALF = 40; // items rendered on each side of the one shown
const STEP = 30; // items added at an edge at a time
const MOST = 160; // items kept at most
const NEAR = 600; // pixels from the edge of what is rendered at which more is added
const AIR = 72; // pixels kept free above and below the current item, where there is room

const lists = [];
/** Bring the current items back into view after something changed the room for them. */
export const keepInView = () => { for (const list of lists) list.keep(); };

export class WindowedList {
  /** `scroller` scrolls, `box` inside it holds the items, `build(index)` makes one, `guess` is its height in pixels. */
  constructor(scroller, box, build, guess) {
    Object.assign(this, { scroller, box, build, guess, first: 0, last: 0, count: 0, current: -1, following: true });
    this.above = document.createElement("div");
    this.below = document.createElement("div");
    box.before(this.above);
    box.after(this.below);
    scroller.addEventListener("scroll", () => this.slide(), { passive: true });
    for (const name of ["wheel", "touchmove"]) scroller.addEventListener(name, () => { this.following = false; }, { passive: true });
    scroller.addEventListener("pointerdown", (event) => { if (event.target === scroller) this.following = false; });
    new ResizeObserver(() => this.keep()).observe(scroller);
    lists.push(this);
  }

  /** Unless one has scrolled away, bring the current item back into view. */
  keep() {
    if (this.following) this.reveal(this.current, "stay");
  }

  element(index) {
    return index >= this.first && index < this.last ? this.box.children[index - this.first] : null;
  }

  /** Begin anew with so many items, those around `index` rendered. */
  reset(count, index = 0) {
    this.count = count;
    this.around(index);
  }

  around(index) {
    this.first = Math.max(0, Math.min(index, this.count - 1) - HALF);
    this.last = Math.min(this.count, this.first + 2 * HALF);
    const fragment = document.createDocumentFragment();
    for (let at = this.first; at < this.last; at += 1) fragment.append(this.build(at));
    this.box.replaceChildren(fragment);
    this.pad();
  }

  /** Guess the height of what is not rendered from that of what is. */
  pad() {
    const shown = this.last - this.first;
    if (shown && this.box.offsetHeight) this.guess = this.box.offsetHeight / shown;
    this.above.style.height = `${Math.round(this.first * this.guess)}px`;
    this.below.style.height = `${Math.round((this.count - this.last) * this.guess)}px`;
  }

  /** Render more on one side, drop what is far on the other, and let what one sees stay where it is. */
  grow(down) {
    const top = this.scroller.getBoundingClientRect().top;
    const anchor = [...this.box.children].find((item) => item.getBoundingClientRect().bottom > top) || this.box.lastElementChild;
    const before = anchor?.getBoundingClientRect().top;
    if (down) {
      const to = Math.min(this.count, this.last + STEP);
      for (; this.last < to; this.last += 1) this.box.append(this.build(this.last));
      for (; this.last - this.first > MOST && this.box.firstElementChild !== anchor; this.first += 1) this.box.firstElementChild.remove();
    } else {
      const fragment = document.createDocumentFragment();
      const from = Math.max(0, this.first - STEP);
      for (let at = from; at < this.first; at += 1) fragment.append(this.build(at));
      this.box.prepend(fragment);
      this.first = from;
      for (; this.last - this.first > MOST && this.box.lastElementChild !== anchor; this.last -= 1) this.box.lastElementChild.remove();
    }
    this.pad();
    if (anchor) this.scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  slide() {
    if (!this.count || !this.scroller.clientHeight) return;
    const view = this.scroller.getBoundingClientRect(), box = this.box.getBoundingClientRect();
    if (box.bottom < view.top || box.top > view.bottom) { // dragged far away
      const place = this.scroller.scrollTop;
      this.around(Math.floor(place / this.guess));
      this.scroller.scrollTop = place;
    } else if (box.bottom < view.bottom + NEAR && this.last < this.count) this.grow(true);
    else if (box.top > view.top - NEAR && this.first > 0) this.grow(false);
  }

  /** Replace some items: `removed` from `index` on by `added`. */
  splice(index, removed, added) {
    this.count += added - removed;
    const from = Math.max(index, this.first), to = Math.min(index + removed, this.last);
    if (index < this.first || index > this.last || from > to) {
      this.around(Math.min(Math.max(0, this.current), this.count - 1));
      return;
    }
    for (let at = from; at < to; at += 1) this.box.children[from - this.first].remove();
    const before = this.box.children[from - this.first] || null;
    for (let at = 0; at < added; at += 1) this.box.insertBefore(this.build(index + at), before);
    this.last += added - (to - from);
    this.pad();
  }

  /** Make an item the one that is kept in view. */
  show(index, block = "nearest") {
    this.current = index;
    this.following = true;
    if (!this.element(index)) this.around(index);
    this.reveal(index, block);
  }

  /** Scroll to an item; "nearest" moves as little as it can, "stay" leaves one that is larger than the view as it is. */
  reveal(index, block = "nearest") {
    const item = this.element(index);
    if (!item || !this.scroller.clientHeight) return;
    const view = this.scroller.getBoundingClientRect(), box = item.getBoundingClientRect();
    const air = Math.max(0, Math.min(AIR, (view.height - box.height) / 2));
    let by = 0;
    if (box.height >= view.height) {
      const covers = box.top <= view.top + 1 && box.bottom >= view.bottom - 1;
      if (block !== "stay" || !covers) by = box.top - view.top;
    } else if (block === "center") by = (box.top + box.bottom - view.top - view.bottom) / 2;
    else if (box.top < view.top + air) by = box.top - view.top - air;
    else if (box.bottom > view.bottom - air) by = box.bottom - view.bottom + air;
    if (by) this.scroller.scrollTop += by;
    this.slide();
  }
}
