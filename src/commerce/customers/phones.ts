import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js"

/**
 * A telephone number as it is dialled from anywhere (E.164), of what somebody has written: in the country's own way, with
 * blanks, `+34`, `0034`.
 *
 * @param country  ISO 3166 of two letters: where a number without a country is from
 * @returns undefined for what is no number
 */
export function numberOf(written: string, country: string | undefined): string | undefined {
  const upper = country?.toUpperCase()
  const home = upper !== undefined && isSupportedCountry(upper) ? (upper as CountryCode) : undefined
  // 00 is what most of the world dials for +; where it is not, +... has to be written.
  const text = written.trim().replace(/^00/, "+")
  const number = parsePhoneNumberFromString(text, { ...(home ? { defaultCountry: home } : {}), extract: false })
  return number?.isPossible() ? number.number : undefined
}

/**
 * A number without what people put between its digits; as the index `mostrador_customer_phone_plain` has what stands in
 * `customer.phone`.
 */
export const plain = (written: string) => written.replace(/[ ().\-/]/g, "")

/** The usual ways to write a number, each plain. @param country  where it may be written without its country */
export function usualWays(number: string, country: string | undefined): string[] {
  const digits = number.slice(1)
  const parsed = parsePhoneNumberFromString(number)
  const national = parsed ? [parsed.nationalNumber, parsed.formatNational().replace(/\D/g, "")] : []
  const ways = [number, `00${digits}`, digits, ...national]
  return [...new Set(ways)].filter((it) => numberOf(it, country) === number)
}

/** As many as the index `mostrador_customer_phone_end` has of what stands in `customer.phone`. */
const END_DIGITS = 6

/** The end of a number, by which those that may be it are found. */
export const endOf = (number: string) => number.replace(/\D/g, "").slice(-END_DIGITS)
