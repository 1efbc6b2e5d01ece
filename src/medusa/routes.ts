import fs from "node:fs"
import path from "node:path"
import { PROJECT } from "./cli.ts"

/** One of Medusa's routes: its pattern, e.g. `/store/carts/:id`, and the methods that it answers. */
export interface MedusaRoute {
  pattern: string
  methods: string[]
}

/** Where routes stand as files: Medusa's own, those of its built-in plugin, and the project's. */
const SOURCES = [
  "node_modules/@medusajs/medusa/dist/api",
  "node_modules/@medusajs/draft-order/.medusa/server/src/api",
  "src/api",
]

/**
 * Every route that Medusa serves, read off its files as Medusa itself does: a folder is a segment, `[id]` a
 * parameter, and the exported names of `route.js` are the methods.
 */
export function medusaRoutes(): MedusaRoute[] {
  return SOURCES.map((source) => path.join(PROJECT, source))
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) =>
      fs
        .readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => /(^|[\\/])route\.(js|ts)$/.test(file))
        .map((file) => ({
          pattern: `/${path
            .dirname(file)
            .split(path.sep)
            .join("/")
            .replace(/\[([^\]]+)\]/g, ":$1")}`,
          methods: exportedMethods(fs.readFileSync(path.join(folder, file), "utf8")),
        })),
    )
}

function exportedMethods(source: string): string[] {
  const names = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
  return names.filter((name) => new RegExp(`exports\\.${name} =|export (async function|const) ${name}\\b`).test(source))
}
