export function SettingsScreen() {
  return <div data-testid="settings-screen" />;
}
