/**
 * What somebody has typed as an amount of money, as it is written where he lives: `1.000,50` in Spain, `1,000.50` in
 * Britain. The other way is understood where it can mean one thing only: `1000.50` and `7.95` in Spain, too; `1.000` in
 * Britain is none, since it may be one or a thousand.
 *
 * @param currency  an amount has as many decimals as it has, at the most
 * @returns undefined when it is none
 */
export function readAmount(typed: string, currency: string, locale: string): number | undefined {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0
  const text = typed.replace(/[\s'’]/g, "").replace(/^(\p{Sc}|[a-z]{3})|(\p{Sc}|[a-z]{3})$/giu, "")
  const isComma = format.formatToParts(1.5).some(({ type, value }) => type === "decimal" && value === ",")
  const point = read(text, /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/, digits)
  const comma = read(text, /^(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d+))?$/, digits)
  const [here, elsewhere] = isComma ? [comma, point] : [point, comma]
  return (here ?? (elsewhere?.hasDecimals ? elsewhere : undefined))?.amount
}

function read(text: string, form: RegExp, digits: number): { amount: number; hasDecimals: boolean } | undefined {
  const [, units, decimals = ""] = form.exec(text) ?? []
  if (units === undefined || decimals.length > digits) return undefined
  return { amount: Number(`${units.replace(/\D/g, "")}.${decimals}`), hasDecimals: decimals !== "" }
}
