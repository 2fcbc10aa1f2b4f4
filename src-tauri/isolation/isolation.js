// Every message from a screen passes here before it reaches Rust. The screens call this program's own commands and
// listen to events; a call of any plugin (dialogs, say) is none of theirs, so it ends here as an unknown command.
const PLUGIN_CALLS = new Set(['plugin:event|listen', 'plugin:event|unlisten', 'plugin:__TAURI_CHANNEL__|fetch'])

window.__TAURI_ISOLATION_HOOK__ = (message) => {
  const refused = message.cmd.startsWith('plugin:') && !PLUGIN_CALLS.has(message.cmd)
  return refused ? { ...message, cmd: 'refused', payload: null } : message
}
