/** A word of a text: as it is searched, and where it stands. */
export interface Word {
  /** Without accents, in lower case. */
  text: string
  /** Where it begins and ends in the text. */
  from: number
  to: number
  position: number
}

export const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

/** Cuts a text into words, as Latin script is: at whatever is no letter, digit or mark. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((match, position) => ({
    text: fold(match[0]),
    from: match.index,
    to: match.index + match[0].length,
    position,
  }))
}

/** The fewest letters added, taken away, changed or swapped; more than `most` counts as `most + 1`. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/** How far a prefix of `word` is from `query`: what is typed so far may have typos too. */
export function prefixDistance(query: string, word: string, most: number): number {
  let best = most + 1
  for (let length = Math.max(1, query.length - most); length <= Math.min(word.length, query.length + most); length++) {
    best = Math.min(best, distance(query, word.slice(0, length), most))
  }
  return best
}
