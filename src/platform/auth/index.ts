export { loadPublishableKeys, type PublishableKey, type PublishableKeys } from "./publishable-keys.ts"
export { type Actor, isForeign, readToken } from "./tokens.ts"
