export { type Demo, demoFile, NoDemo, readDemo } from "./demo.ts"
