export { type SignedLinks, signedLinks } from "./links.ts"
export { loadPublishableKeys, type PublishableKey, type PublishableKeys } from "./publishable-keys.ts"
export { hashPin, isPin, newToken, tokenHash } from "./secrets.ts"
export { type Actor, isForeign, readToken } from "./tokens.ts"
