import type { Document } from "./filter.ts"
import type { Match } from "./ranking.ts"
import { wordsOf } from "./words.ts"

export interface FormatOptions {
  attributesToHighlight?: string[] | null
  highlightPreTag: string
  highlightPostTag: string
  attributesToCrop?: string[] | null
  cropLength: number
  cropMarker: string
}

/** The document with matches in tags and long texts cut around them; undefined when neither was asked for. */
export function formatted({ document, found }: Match, options: FormatOptions): Document | undefined {
  const { attributesToHighlight, attributesToCrop } = options
  if (!attributesToHighlight && !attributesToCrop) return undefined
  const asked = (list: string[] | null | undefined, name: string) =>
    list?.find((it) => it === "*" || it === name || it.startsWith(`${name}:`))
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => {
      const highlight = asked(attributesToHighlight, name) !== undefined
      const crop = asked(attributesToCrop, name)
      const length = crop === undefined ? undefined : Number(crop.split(":")[1] ?? options.cropLength)
      const one = (text: unknown, nth: number): unknown => {
        if (typeof text === "number") return String(text)
        if (typeof text !== "string") return text
        const pieces = found.flatMap((it) =>
          it.pieces.filter((piece) => piece.attribute === name && piece.value === nth),
        )
        return marked(text, pieces, highlight, length, options)
      }
      return [name, Array.isArray(value) ? value.map(one) : one(value, 0)]
    }),
  )
}

function marked(
  text: string,
  pieces: { from: number; to: number }[],
  highlight: boolean,
  words: number | undefined,
  { highlightPreTag, highlightPostTag, cropMarker }: FormatOptions,
): string {
  const sorted = [...pieces].sort((a, b) => a.from - b.from || b.to - a.to)
  let [from, to] = [0, text.length]
  if (words !== undefined) {
    const all = wordsOf(text)
    if (all.length > words) {
      const at = Math.max(
        0,
        all.findIndex((it) => it.from >= (sorted[0]?.from ?? 0)),
      )
      const start = Math.max(0, Math.min(at - Math.floor((words - 1) / 2), all.length - words))
      from = all[start]?.from ?? 0
      to = all[start + words - 1]?.to ?? text.length
    }
  }
  let out = from > 0 ? cropMarker : ""
  let at = from
  for (const piece of sorted) {
    if (piece.from < at || piece.to > to) continue
    const inner = text.slice(piece.from, piece.to)
    out += text.slice(at, piece.from) + (highlight ? highlightPreTag + inner + highlightPostTag : inner)
    at = piece.to
  }
  return out + text.slice(at, to) + (to < text.length ? cropMarker : "")
}
