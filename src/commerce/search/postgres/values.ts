/** Values of one statement, in the order of their `$1`, `$2`. */
export class Values {
  readonly list: unknown[] = []
  /** @returns the place of the value in the statement */
  add(value: unknown, type: string): string {
    this.list.push(value)
    return `$${this.list.length}::${type}`
  }
}
