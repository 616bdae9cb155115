"""The language of a text is guessed where there is enough to tell."""

import pytest

from bridge.language.which import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Where is my order? It has not arrived.", "en"),
        ("Wo ist meine Bestellung? Sie ist noch nicht da.", "de"),
        ("¿Dónde está mi pedido? Todavía no ha llegado.", "es"),
        ("Onde está o meu pedido? Ainda não chegou.", "pt"),
        ("Où est ma commande ? Je n'ai rien reçu.", "fr"),
        ("Dove è il mio ordine? Non è ancora arrivato.", "it"),
        ("Waar is mijn bestelling? Ik heb nog niets.", "nl"),
        ("Gdzie jest moje zamówienie? Jeszcze nie przyszło.", "pl"),
        ("Siparişim nerede? Hala gelmedi, lütfen yardım.", "tr"),
        ("mera order kab aayega, abhi tak nahi aaya hai", "hi"),
        ("मेरा ऑर्डर कहाँ है", "hi"),
        ("Где мой заказ MK-20417?", "ru"),
        ("Де моє замовлення? Його ще немає", "uk"),
        ("أين طلبي؟", "ar"),
        ("注文した商品はどこですか", "ja"),
        ("제 주문은 어디에 있나요", "ko"),
        ("我的订单在哪里", "zh"),
        ("Refund!!", ""),
        ("MK-20417", ""),
        ("", ""),
        ("😀", ""),
    ],
)
def test_a_language_is_guessed_or_left_open(text: str, code: str) -> None:
    assert language(text) == code
