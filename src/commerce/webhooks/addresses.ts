import dns from "node:dns/promises"
import { isIP, type LookupFunction } from "node:net"
import ipaddr from "ipaddr.js"

/** What may be called. */
export interface Reach {
  /** Also this machine, by plain HTTP too: while developing. */
  loopback: boolean
  /** How a name becomes addresses; the system's own unless a test says otherwise. */
  resolve?(host: string): Promise<string[]>
}

/** An endpoint is not to be called: `message` says why, in a form for whoever has registered it. */
export class Unreachable extends Error {
  readonly code = "UNREACHABLE"
  /** Asked again in a moment, it may be another answer. */
  readonly mayPass: boolean

  constructor(message: string, { mayPass = false } = {}) {
    super(message)
    this.mayPass = mayPass
  }
}

const HTTPS_PORT = 443
/** Below are the doors of services that speak something else: mail, databases' heralds, remote shells. */
const FIRST_FREE_PORT = 1024
const MOST_LENGTH = 2_000
/** Addresses of a cloud's own that look like anybody's: Azure's wire server. */
const OF_CLOUDS = ["168.63.129.16"]
/** Of IPv6 only this has been given out to the public. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3")

/**
 * Looks at a URL as it is registered, and at what its host resolves to now.
 *
 * @returns it in its normal form
 * @throws Unreachable when it must not, or cannot, be called
 */
export async function checkUrl(given: string, reach: Reach): Promise<string> {
  const url = URL.canParse(given) && given.length <= MOST_LENGTH ? new URL(given) : undefined
  if (!url) throw new Unreachable(`must be a URL of ${MOST_LENGTH} characters at most`)
  if (url.username || url.password) throw new Unreachable("must have no user name or password in it")
  url.hash = ""
  const host = hostOf(url)
  const addresses = await addressesOf(host, reach)
  const isLoopback = reach.loopback && addresses.every((it) => rangeOf(it) === "loopback")
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)) {
    throw new Unreachable(
      reach.loopback ? "must begin with https:// (http:// is for this machine only)" : "must begin with https://",
    )
  }
  const port = Number(url.port || (url.protocol === "https:" ? HTTPS_PORT : 80))
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT && !isLoopback) {
    throw new Unreachable(`must have port ${HTTPS_PORT}, or one from ${FIRST_FREE_PORT} on`)
  }
  return url.href
}

/**
 * Refuses a host that is an address and must not be called: no name is looked up for it.
 *
 * @throws Unreachable
 */
export function checkHost(url: URL, reach: Reach): void {
  const host = hostOf(url)
  if (isIP(host) && !mayCall(host, reach)) throw new Unreachable("its host is a private address")
}

/**
 * A `lookup` for connections: it gives only addresses that may be called, and what it gives is what is connected to, so
 * a name cannot lead elsewhere between the look and the call.
 */
export function guardedLookup(reach: Reach): LookupFunction {
  return (host, options, callback) => {
    addressesOf(host, reach).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }))
        const [first] = found
        if (options.all) callback(null, found)
        else callback(null, first?.address ?? "", first?.family)
      },
      (error) => callback(error, "", 0),
    )
  }
}

/** @throws Unreachable when there is none that may be called */
async function addressesOf(host: string, reach: Reach): Promise<string[]> {
  const found = isIP(host) ? [host] : await resolve(host, reach)
  const allowed = found.filter((it) => mayCall(it, reach))
  if (allowed.length === 0) throw new Unreachable("its host is, or leads to, a private address")
  return allowed
}

async function resolve(host: string, reach: Reach): Promise<string[]> {
  try {
    return reach.resolve
      ? await reach.resolve(host)
      : (await dns.lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown"
    throw new Unreachable(`its host cannot be found (${code})`, { mayPass: code === "EAI_AGAIN" })
  }
}

/** Whether an address is the public's: anything that is special in any way is not. */
function mayCall(address: string, { loopback }: Reach): boolean {
  const range = rangeOf(address)
  return range === "unicast" || (loopback && range === "loopback")
}

function rangeOf(address: string): string {
  if (OF_CLOUDS.includes(address)) return "reserved"
  // An IPv4 address in the clothes of IPv6 is the IPv4 address.
  const parsed = ipaddr.process(address)
  const range = parsed.range()
  if (parsed instanceof ipaddr.IPv6 && range === "unicast" && !parsed.match(GLOBAL_UNICAST)) return "reserved"
  return range
}

/** Of an IPv6 address without the brackets. */
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, "")
