export { type Attempts, type Counted, countAttempts, TooManyAttempts } from "./attempts.ts"
