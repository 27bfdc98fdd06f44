// A page that is opened as a file may not read other files: search without their excerpts.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
// The other language opens at the section that is being read: sections are the same in both.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-twin]");
  if (!link) return;
  const sections = [...document.querySelectorAll("article section")];
  const passed = sections.filter((section) => section.getBoundingClientRect().top < 120);
  if (passed.length > 1) link.hash = `section-${passed.length - 1}`;
});
const wanted = /^#section-(\d+)$/.exec(location.hash);
if (wanted) {
  window.addEventListener("load", () => {
    document.querySelectorAll("article section")[+wanted[1]]?.scrollIntoView({ behavior: "instant" });
  });
}
// What is wider than the page scrolls, by the arrow keys too.
const reachable = () => {
  for (const box of document.querySelectorAll("article pre, article table, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
};
window.addEventListener("load", reachable);
window.addEventListener("resize", reachable);
