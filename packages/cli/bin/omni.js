#!/usr/bin/env node
import { main } from "@omni/cli"

// Whoever reads may have read enough.
process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 3))
process.exitCode = await main(process.argv.slice(2))
