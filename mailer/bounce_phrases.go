package mailer

// exchangeBegin is how Exchange 2007 and later, and Exchange Online, begin: the line above the recipients, in the language of the server.
var exchangeBegin = []string{"diagnostic information for administrators", "delivery has failed to these recipients",
	"delivery has failed to the following recipients",
	"échec de la remise pour ces destinataires", "échec de remise aux destinataires", "la remise à ces destinataires",
	"informations de diagnostic pour les administrateurs",
	"impossibile recapitare il messaggio", "recapito non riuscito ai seguenti destinatari", "informazioni di diagnostica per gli amministratori",
	"fehler bei der nachrichtenzustellung an folgende empfänger", "diagnoseinformationen für administratoren",
	"no se pudo entregar a estos destinatarios",
	"error de entrega a los siguientes destinatarios", "información de diagnóstico para administradores", "falha na entrega a estes destinatários",
	"bezorging is mislukt",
	"następujący adresaci", "leverans misslyckades", "次の受信者", "管理者用の診断情報", "无法将邮件传递给", "your message couldn't be delivered", "wasn't delivered to",
	"couldn't be delivered to"}

// failureBegin says, in one way or another and in any language that was seen, that a message did not arrive.
var failureBegin = []string{"did not receive a copy of your message", "intended recipient:", "failed addresses follow", "mailbox is full: <",
	"a message could not be delivered to",
	"votre message n'a pas pu etre delivre", "n'a pas pu être remis", "n'a pas pu être distribué", "your message could not be delivered",
	"su mensaje no pudo ser entregado",
	"no se ha podido entregar", "delivery problems", "did not reach the following recipient", "this is the email server at", "no such user here",
	"could not deliver message to the following",
	"message not delivered to the following", "this is a delivery failure notification message", "could not be delivered", "couldn't be delivered",
	"was not delivered", "delivery failed",
	"the following recipients", "undeliverable", "has been rejected", "was rejected", "konnte nicht zugestellt werden", "nicht zustellbar",
	"non è stato possibile recapitare",
	"não pôde ser entregue", "nie może zostać dostarczona", "не может быть доставлено", "не удалось доставить", "не было доставлено", "配信できません",
	"送信できませんでした", "お届けできません",
	"配送できません", "送达失败", "退信", "投递失败", "無法傳遞", "could not be sent", "unable to deliver", "permanent error", "delivery to the following",
	"user unknown", "no such user"}

// delaySubjects stand in the subjects of mails about what is still being tried, in lower case.
var delaySubjects = []string{"delivery status notification (delay)", "delayed mail", "delivery delayed", "warning: message ",
	"warning--could not send", "warning: could not send",
	"mail delivery warning", "message delayed", "delivery has been delayed", "still being retried"}

// delayPhrases say so in the text.
var delayPhrases = []string{"this is an advisory-only email", "this is a warning message only", "this is a warning only",
	"has not yet been delivered", "not yet been delivered to", "has been delayed", "no action is required on your part",
	"message will be retried", "will be retried until", "it will be retried", "delivery attempts will continue", "this is just a warning",
	"you do not need to resend your message",
	"has been postponed", "still being retried", "will continue to try to deliver", "will keep trying to deliver", "still trying to deliver",
	"noch nicht zugestellt werden", "n'a pas encore été remis",
	"gmail will retry", "temporary problem delivering your message", "no es necesario que reenvíe"}
