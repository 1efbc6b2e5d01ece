import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import path from "node:path"
import { CATALOG } from "../catalog/index.ts"
import type { ProductData } from "../catalog/product.ts"
import { kitchen } from "./kitchen.ts"
import { mix, paintOf, wallOf } from "./paint.ts"
import { pantry } from "./pantry.ts"
import { rooms } from "./rooms.ts"
import { wardrobe } from "./wardrobe.ts"

const MOTIFS = { ...kitchen, ...rooms, ...wardrobe, ...pantry }

/** What a picture shows. */
export type Motif = keyof typeof MOTIFS

/** The files of a product's pictures, relative to `DATA_DIR/static/demo`: a second one where there is a second colour. */
export function pictureFiles(product: ProductData): string[] {
  return coloursOf(product).map((_, index) =>
    index === 0 ? `${product.handle}.svg` : `${product.handle}-${index + 1}.svg`,
  )
}

/** Draws the pictures of the whole catalog into `DATA_DIR/static/demo`; those that are there are left as they are. */
export function drawPictures(dataDir: string): void {
  const folder = path.join(dataDir, "static", "demo")
  mkdirSync(folder, { recursive: true })
  for (const product of CATALOG) {
    const colours = coloursOf(product)
    for (const [index, name] of pictureFiles(product).entries()) {
      const file = path.join(folder, name)
      if (existsSync(file)) continue
      writeFileSync(`${file}.new`, draw(product, colours[index] ?? "Crudo", index))
      renameSync(`${file}.new`, file)
    }
  }
}

/** One picture, as SVG: the motif in its colour on a quiet wall, with an arch, a sun or a shelf behind it. */
function draw(product: ProductData, colour: string, turn: number): string {
  const paint = paintOf(colour)
  const choice = product.handle.length + turn
  const tone = wallOf(paint, choice)
  const wall = mix(tone, "#fbf7f0", 0.78)
  const floor = mix(tone, "#efe6d8", 0.7)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="800" height="800" role="img">
<title>${product.title}</title>
<rect width="400" height="400" fill="${wall}"/>
${backdrop(choice, mix(tone, "#f3e7d3", 0.5))}
<rect y="312" width="400" height="88" fill="${floor}"/>
<ellipse cx="200" cy="324" rx="134" ry="13" fill="${paint.ink}" opacity=".14"/>
${MOTIFS[product.picture](paint).trim()}
</svg>
`
}

function backdrop(choice: number, tone: string): string {
  const backdrops = [
    `<path d="M76 312V176a124 124 0 0 1 248 0v136z" fill="${tone}"/>`,
    `<circle cx="200" cy="190" r="142" fill="${tone}"/>`,
    `<path d="M0 312V230c70-50 120-30 190-64 80-38 130-20 210-70v216z" fill="${tone}"/>`,
  ]
  return backdrops[choice % backdrops.length] ?? ""
}

/** Two of the colours that it comes in, not the first two of each: the shop would be all white. Else what it is painted in. */
function coloursOf({ handle, options, colour }: ProductData): string[] {
  const offered = options?.Color
  if (!offered) return [colour ?? "Crudo"]
  const colours = Array.isArray(offered) ? offered : Object.keys(offered)
  const first = handle.length % colours.length
  return [...colours.slice(first), ...colours.slice(0, first)].slice(0, 2)
}
