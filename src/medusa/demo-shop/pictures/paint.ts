/** The colours that the catalog names, as a painter would mix them. */
export const COLOURS: Record<string, string> = {
  "Blanco roto": "#f6efe3",
  Crudo: "#e9dcc3",
  Arena: "#d9bd94",
  Mimbre: "#d2a86a",
  Roble: "#c3935a",
  Nogal: "#7d5436",
  Latón: "#c39a4a",
  Plata: "#b9bec4",
  Mostaza: "#dba63a",
  Terracota: "#c8694a",
  "Rosa palo": "#e3b3a8",
  Burdeos: "#8a3040",
  Lavanda: "#a999c9",
  "Azul cielo": "#93bfd6",
  "Azul marino": "#2f4562",
  "Verde agua": "#96c4b3",
  "Verde oliva": "#7d8654",
  "Gris piedra": "#98988f",
  Negro: "#34332f",
}

/** What a motif is drawn with: one colour, its shadow and its light, and two that go with everything. */
export interface Paint {
  main: string
  dark: string
  light: string
  wood: string
  ink: string
}

/** Walls for what is nearly white or nearly black, and would drown or glare before a wall of its own colour. */
const WALLS = ["#a9b89c", "#d49f86", "#9fb4c4", "#d9b56c", "#b7a3b8"]

/**
 * The colour of the wall behind a thing.
 *
 * @param turn  chooses among several that would do
 */
export function wallOf({ main }: Paint, turn: number): string {
  const [red = 0, green = 0, blue = 0] = channels(main)
  const brightness = (red * 299 + green * 587 + blue * 114) / 255_000
  return brightness > 0.84 || brightness < 0.3 ? (WALLS[turn % WALLS.length] ?? main) : main
}

/** @param colour  one of `COLOURS` */
export function paintOf(colour: string): Paint {
  const main = COLOURS[colour]
  if (!main) throw new RangeError(`No colour "${colour}"`)
  return { main, dark: mix(main, "#2b1d12", 0.22), light: mix(main, "#ffffff", 0.42), wood: "#b98352", ink: "#3d3530" }
}

/** `share` of `other` stirred into a colour. */
export function mix(colour: string, other: string, share: number): string {
  const [from, to] = [channels(colour), channels(other)]
  const mixed = from.map((value, index) => Math.round(value + ((to[index] ?? value) - value) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
