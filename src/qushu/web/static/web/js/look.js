/* How the person likes the page: theme and density travel in cookies, so that the server draws the page right at once. */
const YEAR = 365 * 24 * 3600;
const DENSITIES = { dense: "紧凑", normal: "标准", roomy: "宽松" };

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
}

document.addEventListener("click", (event) => {
  const root = document.documentElement;
  const theme = event.target.closest("[data-theme-switch]");
  if (theme) {
    const next = root.dataset.theme === "wall" ? "light" : "wall";
    root.dataset.theme = next;
    remember("theme", next);
    theme.querySelector("span").textContent = next === "wall" ? "浅色界面" : "深色界面";
  }
  const density = event.target.closest("[data-density-switch]");
  if (density) {
    const names = Object.keys(DENSITIES);
    const next = names[(names.indexOf(root.dataset.density) + 1) % names.length];
    root.dataset.density = next;
    remember("density", next);
    density.querySelector("span").textContent = `行距: ${DENSITIES[next]}`;
  }
  if (event.target.closest("[data-print]")) print();
});

/* A choice that acts at once: <select data-submit-on-change>. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
