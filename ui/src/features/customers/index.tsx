export function CustomersScreen() {
  return <div data-testid="customers-screen" />;
}
