/** What the widget itself says, in the reader's language. */

const KEYS = [
  "open", "close", "unread", "hello", "hint", "subtitle", "conversation", "write", "send", "you", "bot", "joined", "left", "edited",
  "unsent", "sending", "sent", "refused", "again", "remove", "choices", "typing", "offline", "newer", "attach",
  "deleted", "edit", "cancel",
] as const;

export type Words = Record<(typeof KEYS)[number], string>;

/** One language a line, in the order of KEYS. */
const LANGUAGES: Record<string, string> = {
  en: "Open chat|Close chat|{n} unread|Hello! How can we help?|Write to us and we will answer right here.|We answer right here|Conversation|Write a message|Send|You|Bot|{name} joined|{name} left|edited|Not sent yet|Sending|Sent|Could not be sent|Try again|Remove|Suggested answers|Writing|Connecting…|New messages|Attach a file|Message deleted|Edit|Cancel",
  de: "Chat öffnen|Chat schließen|{n} ungelesen|Hallo! Wie können wir helfen?|Schreiben Sie uns, wir antworten gleich hier.|Wir antworten gleich hier|Unterhaltung|Nachricht schreiben|Senden|Sie|Bot|{name} ist jetzt dabei|{name} ist gegangen|bearbeitet|Noch nicht gesendet|Wird gesendet|Gesendet|Konnte nicht gesendet werden|Erneut versuchen|Entfernen|Vorgeschlagene Antworten|Schreibt|Verbindung wird hergestellt…|Neue Nachrichten|Datei anhängen|Nachricht gelöscht|Bearbeiten|Abbrechen",
  es: "Abrir el chat|Cerrar el chat|{n} sin leer|¡Hola! ¿En qué podemos ayudarle?|Escríbanos y le responderemos aquí mismo.|Respondemos aquí mismo|Conversación|Escriba un mensaje|Enviar|Usted|Bot|{name} se ha unido|{name} ha salido|editado|Aún sin enviar|Enviando|Enviado|No se pudo enviar|Reintentar|Quitar|Respuestas sugeridas|Escribiendo|Conectando…|Mensajes nuevos|Adjuntar un archivo|Mensaje eliminado|Editar|Cancelar",
  fr: "Ouvrir le chat|Fermer le chat|{n} non lus|Bonjour ! Comment pouvons-nous vous aider ?|Écrivez-nous, nous répondons ici même.|Nous répondons ici même|Conversation|Écrire un message|Envoyer|Vous|Bot|{name} a rejoint le chat|{name} a quitté le chat|modifié|Pas encore envoyé|Envoi en cours|Envoyé|Envoi impossible|Réessayer|Supprimer|Réponses suggérées|Écrit|Connexion…|Nouveaux messages|Joindre un fichier|Message supprimé|Modifier|Annuler",
  it: "Apri la chat|Chiudi la chat|{n} da leggere|Ciao! Come possiamo aiutarti?|Scrivici e ti risponderemo proprio qui.|Rispondiamo proprio qui|Conversazione|Scrivi un messaggio|Invia|Tu|Bot|{name} si è unito alla chat|{name} ha lasciato la chat|modificato|Non ancora inviato|Invio in corso|Inviato|Invio non riuscito|Riprova|Rimuovi|Risposte suggerite|Sta scrivendo|Connessione…|Nuovi messaggi|Allega un file|Messaggio eliminato|Modifica|Annulla",
  pt: "Abrir o chat|Fechar o chat|{n} por ler|Olá! Como podemos ajudar?|Escreva-nos e responderemos aqui mesmo.|Respondemos aqui mesmo|Conversa|Escreva uma mensagem|Enviar|Você|Bot|{name} entrou|{name} saiu|editado|Ainda não enviada|Enviando|Enviada|Não foi possível enviar|Tentar de novo|Remover|Respostas sugeridas|Escrevendo|Conectando…|Novas mensagens|Anexar um ficheiro|Mensagem eliminada|Editar|Cancelar",
  nl: "Chat openen|Chat sluiten|{n} ongelezen|Hallo! Waarmee kunnen we helpen?|Schrijf ons, we antwoorden hier.|We antwoorden hier|Gesprek|Schrijf een bericht|Versturen|Jij|Bot|{name} doet nu mee|{name} is vertrokken|bewerkt|Nog niet verstuurd|Wordt verstuurd|Verstuurd|Kon niet worden verstuurd|Opnieuw proberen|Verwijderen|Voorgestelde antwoorden|Typt|Verbinden…|Nieuwe berichten|Bestand toevoegen|Bericht verwijderd|Bewerken|Annuleren",
  ar: "فتح المحادثة|إغلاق المحادثة|{n} غير مقروءة|مرحبًا! كيف يمكننا مساعدتك؟|اكتب إلينا وسنرد عليك هنا.|نرد عليك هنا|المحادثة|اكتب رسالة|إرسال|أنت|روبوت|انضم {name}|غادر {name}|معدّلة|لم تُرسل بعد|جارٍ الإرسال|أُرسلت|تعذّر الإرسال|إعادة المحاولة|إزالة|إجابات مقترحة|يكتب|جارٍ الاتصال…|رسائل جديدة|إرفاق ملف|حُذفت الرسالة|تعديل|إلغاء",
};

/** The first of the wanted languages that there is, else English. */
export function wordsFor(wanted: readonly string[]): [string, Words] {
  const language = wanted.map((one) => one.slice(0, 2).toLowerCase()).find((one) => Object.hasOwn(LANGUAGES, one)) ?? "en";
  const words = LANGUAGES[language]!.split("|");
  return [language, Object.fromEntries(KEYS.map((key, index) => [key, words[index]!])) as Words];
}

export function fill(text: string, value: string | number): string {
  return text.replace(/\{\w+\}/, () => String(value));
}
