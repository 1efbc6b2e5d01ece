export { createPassthrough, type Passthrough } from "./passthrough.ts"
