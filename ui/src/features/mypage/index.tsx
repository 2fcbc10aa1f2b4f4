export function MypageScreen() {
  return <div data-testid="mypage-screen" />;
}
