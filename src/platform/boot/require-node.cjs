// Runs before anything else, on whatever Node there is: the syntax of this file is older than the one it asks for.
var wanted = [20, 19]
var have = process.versions.node.split(".").map(Number)
if (have[0] < wanted[0] || (have[0] === wanted[0] && have[1] < wanted[1])) {
  process.stderr.write(
    "Mostrador needs Node " +
      wanted.join(".") +
      " or newer, and this is Node " +
      process.versions.node +
      ". Install a newer one from nodejs.org and start again.\n",
  )
  process.exit(1)
}
