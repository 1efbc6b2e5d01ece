export { loadPublishableKeys, type PublishableKey, type PublishableKeys } from "./publishable-keys.ts"
