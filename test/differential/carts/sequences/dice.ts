import { dice } from "../../../commerce/catalog/random-changes.ts"

/** Choices that look random and are the same for a seed every time. */
export class Dice {
  readonly #roll: (sides: number) => number

  constructor(seed: number) {
    this.#roll = dice(scattered(seed))
  }

  /** From 0 up to, and without, `sides`. */
  roll(sides: number): number {
    return this.#roll(sides)
  }

  between(least: number, most: number): number {
    return least + this.#roll(most - least + 1)
  }

  chance(percent: number): boolean {
    return this.#roll(100) < percent
  }

  pick<T>(from: readonly T[]): T {
    return from[this.#roll(from.length)] as T
  }

  /** @param weights  how often each of them comes, relative to the others */
  weighted<T extends string>(weights: Partial<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][]
    let left = this.#roll(entries.reduce((sum, [, weight]) => sum + weight, 0))
    for (const [name, weight] of entries) {
      left -= weight
      if (left < 0) return name
    }
    throw new Error("there is nothing to choose from")
  }

  /** Some of the entries of an object, each with these chances. */
  some(percent: number, from: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(from).filter(() => this.chance(percent)))
  }
}

/** Neighbouring seeds would roll alike: the last steps of MurmurHash3 part them. */
function scattered(seed: number): number {
  const once = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}
