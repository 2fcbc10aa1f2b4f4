// Every message from a screen passes through here before it reaches Rust. Screens may call this program's own command
// and listen to events. Calls of plugins, such as the file dialogs, are replaced by an unknown command, which Rust
// refuses. The last one is made by the notification plugin's own script at each load, and shows nothing.
const PLUGIN_CALLS = new Set([
  'plugin:event|listen',
  'plugin:event|unlisten',
  'plugin:__TAURI_CHANNEL__|fetch',
  'plugin:notification|is_permission_granted',
])

window.__TAURI_ISOLATION_HOOK__ = (message) => {
  const refused = message.cmd.startsWith('plugin:') && !PLUGIN_CALLS.has(message.cmd)
  return refused ? { ...message, cmd: 'refused', payload: null } : message
}
