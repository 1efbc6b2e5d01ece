/** Where Stripe is asked, as its library takes it; in tests something else speaks for it. */
export function stripeAddress(apiUrl: string): { host: string; port: string; protocol: "http" | "https" } {
  const { protocol, hostname, port } = new URL(apiUrl)
  const isPlain = protocol === "http:"
  return { host: hostname, port: port || (isPlain ? "80" : "443"), protocol: isPlain ? "http" : "https" }
}
