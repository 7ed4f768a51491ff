// What a service needs comes with one import.
@_exported public import Access
@_exported public import Observability
@_exported public import Web
