/** GS1 gave 840 to 849 to Spain. */
const SPAIN = "84"

/**
 * The last digit of an EAN-13: what brings the weighted sum of all thirteen to a multiple of ten.
 *
 * @param digits  the first twelve
 */
export function checkDigit(digits: string): number {
  if (!/^\d{12}$/.test(digits)) throw new RangeError(`An EAN-13 has twelve digits before the last, not "${digits}"`)
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0)
  return (10 - (sum % 10)) % 10
}

/**
 * The EAN-13 of an article of the demo shop. It depends on the SKU alone, so a new article in the catalog
 * does not give the others another barcode.
 */
export function eanOf(sku: string): string {
  const digits = SPAIN + String(hash(sku) % 10_000_000_000n).padStart(10, "0")
  return `${digits}${checkDigit(digits)}`
}

/** FNV-1a, 64 bits: small, and well spread over short strings. */
function hash(text: string): bigint {
  let value = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text, "utf8")) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n)
  return value
}
