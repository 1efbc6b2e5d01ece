export { loadStore, type Store } from "./store.ts"
