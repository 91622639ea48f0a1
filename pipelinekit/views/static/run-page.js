/* Runs on a page without a kernel, drawn by the widget's module, which stands above this in one classic script (run_views/mount.py):
   <div data-pk-widget="run"><script type="application/json">...</script> what stands there else </div> */
function mount(root) {
  root.querySelectorAll("[data-pk-widget=run]").forEach((el) => {
    const written = el.querySelector("script"), data = written && JSON.parse(written.textContent), on = () => {};
    if (!data) return;
    el.replaceChildren();
    render({ model: { still: true, get: (k) => data[k], on, off: on }, el });
  });
}
const start = () => mount(document);
// `document$` is Material's: it speaks after each page.
if (window.document$ && window.document$.subscribe) window.document$.subscribe(start);
else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
