import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Whose files a server's are, when root starts it. */
const owner = (): string => {
  const numbers = (name: string) => ["-u", "-g"].map((of) => execFileSync("id", [of, name], { encoding: "utf8", stdio: "pipe" }).trim())
  try {
    return numbers("postgres").join(",gid=")
  } catch {
    return numbers("nobody").join(",gid=")
  }
}

/** A disk of so many megabytes for a server's files; `undefined` where it may not be mounted. */
export const smallDisk = (megabytes: number) => {
  if (process.getuid?.() !== 0 || process.platform !== "linux") return undefined
  const folder = mkdtempSync(join(tmpdir(), "omni-disk-"))
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=700,uid=${owner()}`, "tmpfs", folder], { stdio: "pipe" })
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
  const ballast = join(folder, "ballast")
  return {
    folder,
    /** Leaves so many kilobytes, or fewer: the server takes some while it is measured. */
    fill: (left: number) => {
      const { bavail, bsize } = statfsSync(folder)
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left * 1024)))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      execFileSync("umount", ["-l", folder])
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

export const mountable = ((): boolean => {
  const disk = smallDisk(1)
  disk?.remove()
  return disk !== undefined
})()
