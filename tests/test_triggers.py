"""When a human is called, and when not: one table of what people write, in the languages they write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.language.asking import besides_asking
from bridge.triggers import Triggers, asks_for_person, why_a_human

ASKING = """
    human
    Human please
    HUMAN!!!
    humannnn plsss
    agent
    agent!
    Agent please.
    representative
    operator
    real person please
    live agent
    live chat please
    customer service
    I want a human
    I need a human being, not a robot
    I want to talk to a person
    I want to talk to a human
    I'd like to speak with someone
    I’d like to speak to a real person
    can I speak to someone
    Can I please speak to a manager?
    could I chat with an agent please
    can i talk 2 sum1
    may I speak with a supervisor
    let me talk to a human
    let me speak to your manager
    I need to speak with a representative
    i wanna talk to a real human
    I would like to talk to customer support
    speak to an agent
    talk to a person
    connect me to an agent
    connect me with a human please
    please transfer me to a human
    transfer me to a live representative
    put me through to someone
    put me through to your boss
    get me a human
    give me a real person now
    get me your supervisor
    is there a real person I can talk to?
    Is there anyone I can talk to about this?
    is there a human here?
    are there any humans here?
    is anyone available to talk to me?
    can someone call me
    I need someone to call me now
    please have someone contact me
    call me back
    call me please
    I want a callback
    I don't want to talk to a bot
    stop this bot and get me a person
    no more bots
    I'm sick of talking to a machine
    I don't need a bot, I need a human
    you are useless, I want a human
    why can't I speak to a human?
    I have been waiting two weeks. I want to speak to a manager NOW
    escalate this please
    escalate it!
    switch to human
    how do I reach a human?
    how can I contact customer service?
    need human help
    human agent
    I demand to see the manager
    hello, can I talk to somebody in your team
    Thanks for nothing. Representative!
    My order MK-20417 is broken, can a human help?
    i want to tlk to a person
    Ｉ ｗａｎｔ ａ ｈｕｍａｎ

    Mensch bitte
    Ich möchte mit einem Menschen sprechen
    Kann ich bitte mit jemandem sprechen?
    Mit einem Mitarbeiter verbinden
    Ich will mit einem echten Menschen reden
    Verbinden Sie mich mit einem Berater
    ich brauche einen Mitarbeiter
    Kann ich mit einer richtigen Person chatten?

    quiero hablar con una persona
    Quiero hablar con un humano
    ¿Puedo hablar con alguien?
    pásame con un agente
    necesito un asesor
    persona real por favor
    quiero que me atienda una persona
    no quiero hablar con un robot

    quero falar com uma pessoa
    Posso falar com um atendente?
    preciso de um atendente humano
    me transfere para um humano
    atendente por favor

    je veux parler à un humain
    Puis-je parler à quelqu'un ?
    un conseiller s'il vous plaît
    passez-moi un agent
    Je souhaite parler avec une vraie personne
    j'ai besoin d'un conseiller

    voglio parlare con una persona
    Posso parlare con un operatore?
    operatore per favore
    vorrei parlare con qualcuno
    mi passi un operatore

    ik wil met een mens praten
    kan ik iemand spreken?
    medewerker alstublieft
    Ik wil graag een medewerker spreken

    chcę rozmawiać z człowiekiem
    Proszę połączyć mnie z konsultantem
    poproszę konsultanta

    bir insanla görüşmek istiyorum
    müşteri temsilcisine bağlanmak istiyorum
    canlı destek istiyorum
    İNSAN LÜTFEN

    хочу поговорить с человеком
    Позовите оператора
    соедините с оператором пожалуйста
    мне нужен живой человек
    оператор

    хочу поговорити з людиною
    покличте оператора
    з'єднайте мене з оператором

    أريد التحدث مع شخص حقيقي
    اريد التحدث الى موظف
    حولني إلى موظف خدمة العملاء

    मुझे किसी इंसान से बात करनी है
    एजेंट से बात कराओ
    kisi insaan se baat karni hai
    mujhe agent se baat karni hai
    customer care se baat karao

    人と話したいです
    オペレーターにつないでください
    担当者と話したい
    オペレーターお願いします
    有人対応希望

    상담원 연결해 주세요
    사람이랑 얘기하고 싶어요
    상담원 바꿔주세요
    상담원

    转人工
    人工客服
    我要和真人说话
    请帮我转接人工客服
    我想找人工
    轉真人客服

    tôi muốn nói chuyện với người thật
    saya mau bicara dengan manusia
    tolong hubungkan dengan petugas
    jag vill prata med en människa

    I would rather deal with a human
    any chance of talking to an actual person?
    pls get someone real on this chat
    give me someone who understands
    i want someone to look at my case
    please have a human look into this
    who can I talk to about a complaint?
    let me talk with customer care
    Could you hand me over to a colleague?
    hand over to human
    operator!!!
    speak human
    i want to talk with agent
    agent plz
    AGENT AGENT AGENT
    Human?
    real human
    bring me your manager
    manager!
    I'd prefer a human
    I prefer to talk to a real person
    Do you have any real people there?
    this is useless, human now
    can u connect me w a rep
    I need assistance from a real person
    can I get a person please
    get me out of this bot
    I want to speak to the supervisor on duty
    please escalate to a human agent
    can a real person answer me
    I need human assistance
    Can somebody from your team contact me?
    please ask someone to call me
    i want to speak to some1
    talk to agent
    Talk to a person
    chat with an agent
    contact support
    I need to speak to customer services
    Is anybody real there
    someone real please
    can i ring someone
    phone support please
    a human, please
    Ich will einen Menschen
    Gibt es hier einen echten Menschen?
    Ich möchte mit dem Support sprechen
    Kann mich jemand anrufen?
    Bitte leiten Sie mich an einen Mitarbeiter weiter
    Echte Person bitte
    kein Bot bitte
    Mitarbeiter!
    quisiera hablar con un representante
    hablar con un humano
    agente
    humano por favor
    me puede atender una persona?
    comuníqueme con un asesor
    quiero comunicarme con servicio al cliente
    hay alguien ahí con quien pueda hablar?
    falar com humano
    quero um atendente
    falar com atendente
    quero falar com alguém
    parler à un conseiller
    je veux un humain
    humain svp
    puis-je avoir un conseiller
    est-ce que je peux parler à une personne réelle
    mettez-moi en relation avec un conseiller
    parlare con un umano
    c'è un operatore?
    un operatore, grazie
    vorrei un operatore umano
    mag ik een medewerker spreken
    echte persoon graag
    verbind me door met een medewerker
    czy mogę porozmawiać z konsultantem?
    połącz mnie z człowiekiem
    człowiek
    temsilciyle görüşmek istiyorum
    biriyle konuşabilir miyim
    müşteri hizmetleri
    живой человек
    можно с оператором поговорить
    переключите на оператора
    дайте человека
    соедини с менеджером
    можна поговорити з менеджером
    оператора!
    أريد التحدث مع إنسان
    ممكن اكلم موظف
    خدمة العملاء
    मैं किसी व्यक्ति से बात करना चाहता हूँ
    मुझे एजेंट चाहिए
    koi insaan hai kya baat karne ke liye
    agent chahiye
    人間と話がしたい
    スタッフと話せますか
    人に代わってください
    担当者をお願いします
    사람과 대화하고 싶어요
    상담사 연결
    직원이랑 통화하고 싶습니다
    我想跟人工客服说话
    找客服
    人工
    可以找个真人吗
    接人工
    转接人工服务
"""

NOT_ASKING = """
    hello
    thanks
    thank you so much!
    are you human?
    Are you a human or a bot?
    are you a real person?
    am I talking to a human?
    Am I speaking with a robot?
    is this a bot
    I don't need a human
    I don't want to talk to a person
    no human needed
    no need for an agent, thanks
    please do not transfer me to a human
    without talking to a person
    never mind the agent
    I am a human
    human rights are important to us
    it was human error
    do you sell human hair brushes?
    I work in human resources
    your agent told me it would arrive on Monday
    the delivery agent never came
    The agent said he would call
    I already spoke to someone yesterday
    your customer service is terrible
    someone stole my parcel
    they delivered it to someone else
    tell your drivers to inform me if they hand it over to someone else
    the person who delivered it was rude
    who is the manager of the shop?
    I am an insurance agent
    is it a cleaning agent?
    I want to buy a present for a person who loves tea
    a teapot for one person
    how many people does the workshop take?
    I want a refund
    where is my order?
    can I have a teapot for my manager
    he wants to become an agent
    I need to talk about my order
    can you talk me through the return?
    speak up
    I will escalate this to consumer court
    did you talk to the courier?
    yes
    call me Maria
    for all the stress you put me through

    Bist du ein Mensch?
    Spreche ich mit einem Menschen?
    Menschen
    Viele Menschen mögen grünen Tee
    Ich habe mit einem Mitarbeiter gesprochen
    Ich brauche keinen Mitarbeiter
    Ich möchte die Bestellung ändern

    ¿eres una persona?
    no quiero hablar con una persona
    no necesito un agente
    quiero una tetera para dos personas
    ¿dónde está mi pedido?

    você é humano?
    não preciso de um atendente
    je ne veux pas parler à un humain
    êtes-vous humain ?
    c'est pour une personne âgée
    sei umano?
    non voglio parlare con una persona
    una teiera per una persona
    ben je een mens?
    czy jesteś człowiekiem?
    nie chcę rozmawiać z konsultantem
    insan mısın?
    ты человек?
    не нужен оператор
    ти людина?
    هل أنت إنسان؟
    क्या आप इंसान हैं?
    あなたは人間ですか
    配達の担当者が来ませんでした
    당신은 사람인가요?
    배송 직원이 안 왔어요
    你是真人吗?
    人工智能怎么样
    不用转人工
    bạn là người thật à?

    what is your customer service number?
    When does your support team work?
    my manager bought this kettle
    I told the delivery person to leave it
    Can the courier call me when he arrives?
    Do I need to speak English in the workshop?
    does the tea come from people you know
    nobody answered
    someone else received it
    is there anyone at home to accept the parcel?
    will someone be at the shop on Sunday?
    I am looking for a gift for my boss
    how many agents do you have
    Can I bring another person to the tasting?
    I need a tea for a sick person
    don't call me
    no human
    You sound like a human
    I was told by an agent that it is free
    the operator of the website
    I spoke to your manager last week and nothing happened
    can somebody tell me the opening hours?
    Someone help me find green tea
    I need the tea for 12 people
    can I talk to you in German?
    I'd like to send a gift to someone
    can someone else pick it up?
    anyone can buy this?
    no thanks, no agent
    stop sending me newsletters
    contact form
    my contact person is Anna
    Do you hire people?
    Wie viele Personen?
    Kann jemand anders das Paket annehmen?
    Für 2 Personen
    Ist jemand im Laden?
    soy una persona mayor
    una caja para una persona
    puede recibirlo otra persona?
    c'est quelqu'un d'autre qui l'a reçu
    une personne peut le recevoir ?
    per quante persone?
    iemand anders heeft het ontvangen
    dla jednej osoby
    bir kişi için çay
    это для одного человека
    для человека который любит чай
    чайник на 4 человека
    人気のお茶は何ですか
    一人用の急須
    日本人ですか
    送给别人的礼物
    客服几点上班
    사람들이 좋아하는 차
    두 사람용
"""


def phrases(table: str) -> list[str]:
    """The phrases of a table, one a line."""
    return [line.strip() for line in table.splitlines() if line.strip()]


@pytest.mark.parametrize("text", phrases(ASKING))
def test_who_asks_for_a_person_is_understood(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize("text", phrases(NOT_ASKING))
def test_who_does_not_ask_for_a_person_is_left_to_the_bot(text: str) -> None:
    assert not asks_for_person(text)


def test_the_quote_is_the_sentence_that_asks() -> None:
    why = why_a_human("My teapot is broken. Can I talk to a person? Thanks!", unsure=0, rules=Triggers())
    assert why is not None
    assert (why.kind, why.quote) == ("request", "Can I talk to a person?")


def test_a_request_counts_only_where_it_is_switched_on() -> None:
    assert why_a_human("agent!", unsure=0, rules=Triggers(on_request=False)) is None


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("I will call my LAWYER.", "lawyer"),
        ("Quiero un REEMBOLSO ya", "reembolso"),
        ("Ich verlange eine Rückerstattung", "rückerstattung"),
        ("i had an allergic  reaction", "allergic reaction"),
        ("请给我退款", "退款"),
    ],
)
def test_a_keyword_calls_a_human_with_its_sentence(text: str, keyword: str) -> None:
    why = why_a_human(f"Hello there. {text}", unsure=0, rules=Triggers(keywords=("other", keyword)))
    assert why is not None
    assert (why.kind, why.reason, why.quote) == ("keyword", f"Said “{keyword}”.", text)


@pytest.mark.parametrize("text", ["lawyers are fine", "an outlawyer", "law yer"])
def test_a_keyword_is_a_whole_word(text: str) -> None:
    assert why_a_human(text, unsure=0, rules=Triggers(keywords=("lawyer", ""))) is None


def test_a_bot_that_was_unsure_twice_calls_a_human() -> None:
    assert why_a_human("blue dragons?", unsure=1, rules=Triggers()) is None
    why = why_a_human("blue dragons?", unsure=2, rules=Triggers())
    assert why is not None
    assert (why.kind, why.quote) == ("unsure", "blue dragons?")
    assert why_a_human("blue dragons?", unsure=9, rules=Triggers(after_unsure=0)) is None


@pytest.mark.parametrize(
    "text", ["thanks", "Thank you so much!", "ok thanks bye", "bye", "gracias", "Danke!", "धन्यवाद"]
)
def test_thanks_opens_nothing(text: str) -> None:
    assert why_a_human(text, unsure=5, rules=Triggers(keywords=("refund",))) is None


def test_a_desk_without_any_trigger_can_be_told() -> None:
    assert not Triggers(on_request=False, after_unsure=0).can_fire
    assert Triggers(on_request=False, after_unsure=0, keywords=("refund",)).can_fire


@given(st.text(max_size=300), st.integers(0, 3))
def test_any_text_is_read_without_failing(text: str, unsure: int) -> None:
    why = why_a_human(text, unsure=unsure, rules=Triggers(keywords=("x", "é")))
    assert why is None or len(why.quote) <= 200


def test_a_long_text_of_repeated_words_is_read_like_any_other() -> None:
    for word in ("human", "un", "please", "真的人", "my agent said "):
        assert asks_for_person(word * 4000 + ". I want to talk to a human")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Hello, I want to talk to a human please", ""),
        ("human!!! now", ""),
        ("Ich möchte mit einem Menschen sprechen", ""),
        ("quiero hablar con una persona", ""),
        ("客服", ""),
        ("I want to talk to a human. Do you ship to Norway?", "Do you ship to Norway?"),
        ("It is late.\nGet me a manager!\nWhere is it?", "It is late. Where is it?"),
        ("Can I talk to someone about my refund?", "Can I talk to someone about my refund?"),
        ("  ", ""),
    ],
)
def test_what_is_said_besides_asking_for_a_person(text: str, rest: str) -> None:
    assert besides_asking(text) == rest


def test_of_what_asks_for_nobody_nothing_is_left_out() -> None:
    whole = [line.strip() for line in NOT_ASKING.splitlines() if line.strip()]
    assert [besides_asking(line) for line in whole] == whole


@given(st.text())
def test_whatever_is_said_nothing_is_added(text: str) -> None:
    assert set(besides_asking(text)) <= set(text) | {" "}
