import type { StockLocation } from "./stock.ts"

/**
 * From which locations a line is taken.
 *
 * - `single_location_first` (the default): all of the line from one location, if one has it all, in the order in which
 *   locations came to keep its items; else each part of a kit from one location, if one has it all; else from several,
 *   from where most is left first, so that few parcels leave.
 * - `split`: from one location after the other in that same order, whether or not one further on has all: empties the
 *   oldest first.
 * - `nearest`: as `single_location_first`, but in the order of the distance to a point (where the goods go to), also when
 *   split. Locations without coordinates come last.
 * - `priority`: the same in an order that is given. Locations that it does not name come last.
 *
 * Medusa reserves everything at one location and fails when none has it all (medusajs/medusa issue 14987).
 */
export type Sourcing =
  | { strategy: "single_location_first" | "split" }
  | { strategy: "nearest"; latitude: number; longitude: number }
  | { strategy: "priority"; location_ids: readonly string[] }

export const SINGLE_LOCATION_FIRST: Sourcing = { strategy: "single_location_first" }

/** The locations in the order in which the strategy prefers them. */
export function inOrder(sourcing: Sourcing, locations: readonly StockLocation[]): StockLocation[] {
  if (sourcing.strategy === "nearest") {
    return sorted(locations, ({ coordinates }) => (coordinates ? distance(sourcing, coordinates) : Infinity))
  }
  if (sourcing.strategy === "priority") {
    return sorted(locations, ({ id }) => {
      const rank = sourcing.location_ids.indexOf(id)
      return rank === -1 ? Infinity : rank
    })
  }
  return [...locations]
}

/** By a number that is computed once for each; equals keep their order. */
function sorted<T>(values: readonly T[], rank: (value: T) => number): T[] {
  const ranked = values.map((value) => ({ value, rank: rank(value) }))
  return ranked.sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank)).map((it) => it.value)
}

interface Point {
  latitude: number
  longitude: number
}

/** Grows with the distance on the earth (the haversine of its angle), which is all that an order needs. */
function distance(from: Point, to: Point): number {
  const radians = (angle: number) => (angle * Math.PI) / 180
  const rise = Math.sin(radians(to.latitude - from.latitude) / 2) ** 2
  const turn = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2
  return rise + Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * turn
}
