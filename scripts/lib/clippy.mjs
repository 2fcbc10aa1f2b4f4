/**
 * The environment in which cargo compiles this workspace's crates with clippy's driver: the compiler with clippy's
 * lints. `cargo clippy` only checks, so a build after it would compile everything a second time.
 */
export function compiledByClippy({ denyWarnings }) {
  return {
    RUSTC_WORKSPACE_WRAPPER: 'clippy-driver',
    // The separator is clippy's own.
    CLIPPY_ARGS: denyWarnings ? ['-D', 'warnings', ''].join('__CLIPPY_HACKERY__') : '',
  };
}
