// Bundles the query editor: `editor.js`, `editor.css`, what they load on demand, the same compressed, and the licences.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { defineConfig } from "vite";

/** The licence of every package of the lock file that is no tool for building. */
function licences() {
  const packages = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  const parts = [];
  for (const [path, about] of Object.entries(packages)) {
    if (!path || about.dev || !existsSync(path)) continue;
    const name = path.split("node_modules/").at(-1);
    const files = readdirSync(path).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const texts = files.map((file) => readFileSync(`${path}/${file}`, "utf8").trim());
    const stated = JSON.parse(readFileSync(`${path}/package.json`, "utf8"));
    const licence = about.license ?? stated.license ?? stated.licenses?.map((one) => one.type).join(" OR ");
    parts.push([`${name} ${about.version}: ${licence}`, ...texts].join("\n\n"));
  }
  return `${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

const withLicences = {
  name: "licences",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "licences.txt", source: licences() });
  },
};

const compressed = {
  name: "compressed",
  // the files as they lie in the folder: other plugins change them up to the last moment
  writeBundle({ dir }) {
    for (const name of readdirSync(dir)) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      writeFileSync(`${dir}/${name}.br`, brotliCompressSync(readFileSync(`${dir}/${name}`), { params }));
    }
  },
};

export default defineConfig({
  base: "./",
  plugins: [withLicences, compressed],
  build: {
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: "src/editor.js",
      output: {
        entryFileNames: "editor.js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "editor.css" : "[name]-[hash][extname]"),
      },
    },
  },
});
