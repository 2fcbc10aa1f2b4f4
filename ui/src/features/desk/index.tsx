export function DeskScreen() {
  return <div data-testid="desk-screen" />;
}
